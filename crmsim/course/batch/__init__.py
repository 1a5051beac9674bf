"""Marking a class: many submissions, several processes, one gradebook, and a reason for everything odd.

The *coordinator* (`grade`) reads what was handed in, gives each submission to a *worker*, and writes what comes
back into nbgrader's own gradebook and folders, one submission at a time. A worker (`worker`, one process each, or
as many as a Dask cluster has) holds a private copy of what marking needs, a `Kit`: configuration, marking scheme,
secret, a snapshot of the gradebook. It repairs the notebook (`choosing`, `mending`), executes it in a sandbox
(`running`), and judges the answers itself (`work`). No process that runs a student's code knows a right answer.

The preprocessors of ``nbgrader_config.py`` keep their places: those before and after `Execute` run in the worker,
those from `SaveAutoGrades` on in the coordinator; only `Execute` itself is replaced by the sandbox.

What was graded and has not changed since is not graded again: ``grading/<unit>.json`` remembers it.
"""
