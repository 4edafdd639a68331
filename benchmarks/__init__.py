"""One script a question; `make bench` runs them all. What they share is in `rig`."""
