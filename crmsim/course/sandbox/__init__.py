"""A place where code of strangers runs: nothing to read, nothing to keep, nobody to talk to, and an end.

The model. A *grader* (trusted) starts a *template* inside bubblewrap: a Python that has imported what notebooks
need and never runs a student's code. For every submission the template forks; the copy enters namespaces of its
own and executes the cells that the grader sends, one at a time. The layers, outermost first:

| Layer | Made by | What it takes away |
|---|---|---|
| user | the grader, where it is root | every permission: an account that owns nothing |
| outer walls | bubblewrap | network, course, homes, environment, other processes; the system is read-only |
| inner walls | the copy itself (`namespaces`) | other submissions, the template, files left behind |
| limits | the kernel (`limits`) | memory, processes, file size, processor time, disk |
| filter | the kernel (`seccomp`) | calls that make memory without an owner, new walls, or another's processor busy |
| supervisor | `supervisor`, out of the copy's sight | memory and open files of all processes, the right to live on |
| clock | the grader (`visit`) | time: a cell's, then the submission's |

What comes back is data of a stranger (`outputs`): measured, cut and rebuilt before anything else looks at it. It
can claim any output for its own cells, and nothing else: the truth is computed in the grader's process, so a
forged message is worth no more than a wrong answer.
"""
