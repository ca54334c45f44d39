"""From conditions of the checked program to relational expressions that any database of the family can run."""
