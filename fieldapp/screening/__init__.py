"""From a subject to a verdict: what is compared, what was hit, why, and what it means.

Promises: every hit carries the evidence it was made from and the list it stands in; a verdict is
one of four words and never "safe". Refuses to call anything clear that could not be checked.
"""
