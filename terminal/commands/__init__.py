"""One module for each command; ``terminal.index`` says which, and only the one called for is loaded."""
