"""The sections of a report, one file each. `render.py` names them in their order.

Each offers `build(sheet) -> list[Block]`; an empty list leaves the section and its heading out.
"""
