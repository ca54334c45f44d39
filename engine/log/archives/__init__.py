"""Archives: the oldest stretches of a log in files of their own, and what the store keeps of them."""
