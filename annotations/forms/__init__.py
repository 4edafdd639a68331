"""What readers fill in. A form reads types and shows errors; the rules are the acts'."""
