"""What benchmarks stand on: an installation of their own, servers, and something that asks them."""
