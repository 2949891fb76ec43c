"""The paper: a sealed record as a PDF that a court can read and any unit can check.

Promises: the same record gives the same bytes; every character printed can be read back; what came from
outside is printed as plain text and nothing else. Refuses: to print what was not sealed, and to call a paper
good that it could not check. `paper.py` is what goes in, `render.py` makes the PDF, `verify.py` checks one.
The ReportLab library is used in this package and nowhere else.
"""
