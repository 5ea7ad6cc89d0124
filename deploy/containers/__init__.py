"""Container images: an engine to make them with, and what stands in for those that cannot be pulled."""
