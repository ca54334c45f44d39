"""Records, headers, leaves: the append-only log as bytes and as rows."""
