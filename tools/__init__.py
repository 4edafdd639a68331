"""What `make` runs. Nothing here belongs to the site itself."""
