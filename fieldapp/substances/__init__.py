"""What the law controls, recognised by any name, number or structure.

Promises: an answer is one of four words (controlled, ask_headquarters, none, not_understood), never
"clear"; every match carries its lists, its reasons and whether the row was checked against its source.
Knows nothing of consignments, watchlists or people; says nothing of how anything is made.
"""
