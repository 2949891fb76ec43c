"""From a symbol to what it names: GS1 element strings, containers, registry numbers, one grammar a file.

Promises: never raises on what was scanned; a bad field is an issue with a rule and a position and never
loses the good ones beside it. Refuses to guess in silence: what was inferred says so.
"""
