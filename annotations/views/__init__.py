"""The pages of texts with what readers wrote about them."""
