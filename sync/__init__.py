"""The wire: how sealed records reach headquarters and its word comes back.

Two ends that meet only in `wire`: `session` and `worker` on the laptop, `headquarters` on the other side.
No end trusts the line between them: records are signed by the vault, statements by headquarters, evidence
is sealed before it leaves.
"""
