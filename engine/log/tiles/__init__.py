"""The log as plain files after C2SP tlog-tiles: to publish, to mirror, and to verify without the store (docs/log-format.md)."""
