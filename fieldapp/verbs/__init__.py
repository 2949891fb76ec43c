"""The headless verbs of the command line, one file each. Their names, inputs and outputs are a contract."""
