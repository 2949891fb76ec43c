"""Models over tuples of frozen values: what lists show, row by row, and the desk that holds what is open."""
