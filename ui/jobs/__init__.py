"""The way from the window to the worker processes and back. The only module that knows there are any.

    jobs.run(finding.record, RecordFinding(...), done=show, failed=complain)

Promises: the action's first parameter picks the worker, its return annotation the type of the answer;
`done` or `failed` is called once, in the window's thread, unless the jobs were closed first. One lane
thread per worker sends and receives, with one command in flight, so a large message never stalls the
window; a person's commands go before refreshes, refreshes before background work. `lock()` ends the two
processes that hold keys, whatever they are doing: every call that waits there fails with `worker-lost`,
and fresh ones, without keys, are started. Refuses to unpickle; the wire is `fieldapp.worker`'s.
"""

from ui.jobs.inprocess import InProcessJobs
from ui.jobs.jobs import BACKGROUND, LOST, PERSON, REFRESH, Jobs
from ui.jobs.lanes import TOO_SLOW, WorkerJobs

__all__ = ["BACKGROUND", "LOST", "PERSON", "REFRESH", "TOO_SLOW", "InProcessJobs", "Jobs", "WorkerJobs"]
