"""Plans as files: written down, compared with what would be decided now or by another version, and carried out once."""
