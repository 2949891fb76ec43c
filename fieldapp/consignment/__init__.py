"""The declared side: who ships what to whom, under which papers.

Frozen values as they stand on the papers. What was found is the inspection's business.
"""
