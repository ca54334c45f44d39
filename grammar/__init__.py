"""The playbook language: text to syntax tree, and every sentence that operators read."""
