"""The watchlist: publishers' files in, one signed release between, one encrypted index on the laptop.

Promises: an entry keeps the publisher's own number and words; a file that is cut, damaged or hostile is
refused whole, so the last good list stays. Refuses to guess: what a publisher did not say is absent.
"""
