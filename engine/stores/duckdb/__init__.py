"""What DuckDB does in its own way."""
