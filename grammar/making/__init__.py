"""From the trees of lines that were read to the nodes of the syntax tree."""
