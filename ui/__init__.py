"""What people see and touch: one Qt window, its screens, and the door to the worker processes.

Promises: nothing here holds a key, decides a verdict or writes a record; a screen gathers input, asks an
action for it and shows what came back. Refuses to show text from outside as anything but plain text.
"""
