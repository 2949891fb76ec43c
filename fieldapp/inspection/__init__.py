"""What was found: an inspection, its scans, findings, evidence and decision, and the record it becomes.

Frozen values and pure functions: a change gives a new value. Three machines are kept apart: the record's
state, its transport, and what happens to the goods.
"""
