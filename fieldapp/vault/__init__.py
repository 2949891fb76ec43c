"""The vault: one folder per inspector, holding a header with key slots, an encrypted database, sealed files.

Promises: what was acknowledged is committed, checkpointed and synced to the disk; nothing in clear is
ever written. Refuses: a second opener, a file that is plain SQLite, foreign, empty or newer than this
program. SQLCipher stands behind one door, `connection.py`.
"""
