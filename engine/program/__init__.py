"""The checked program: names, types and units settled, and its digests."""
