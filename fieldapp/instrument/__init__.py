"""Result files of handheld instruments, read by mapping profiles that are data.

What a file says is what an instrument said: it is shown with where it stood, and makes a field test that is
presumptive only.
"""
