"""What an operator sees: the session of one command, tables and trees, and one module for each command."""
