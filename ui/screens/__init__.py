"""One screen a file: a layout, input that becomes an action's command, a result that becomes widgets.

No rule lives here: what may be done is decided by the action, and a screen shows its answer. Nothing says
"saved" before the action has returned.
"""
