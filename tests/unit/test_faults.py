"""MNIST whole or not at all, whatever the network, the disk and a kill do.

Each case ends with MNIST and its checksums, with the stand-in and a line that
says why, or with a clear error, and does so in time. What came of each is
printed as a table at the end of the test run.
"""

import contextlib
import errno
import gzip
import hashlib
import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
from pathlib import Path

import pytest
import sklearn.model_selection  # noqa: F401, its import is not to be timed
import torch
from torchvision.datasets import MNIST

from lessons_lib import _mnist, data

pytestmark = pytest.mark.data
SAMPLES = 60  # in each file of the small MNIST served here
LIMIT = 15.0  # seconds that any case may take, with the limits set below
LIMITS = {"ANSWER_WITHIN": 0.5, "GOES_ON_WITHIN": 0.5, "DOWNLOAD_WITHIN": 2.0}


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A small MNIST, its packed files, and an empty data folder."""
    packed, files, resources = {}, {}, []
    for i, (name, (_, header, shape)) in enumerate(_mnist.FILES.items()):
        body = bytes(header) + bytes(
            (k * 7 + i) % (10 if shape == () else 256)
            for k in range(SAMPLES * (784 if shape else 1))
        )
        packed[name + ".gz"] = gzip.compress(body, mtime=0)
        files[name] = (hashlib.md5(body).hexdigest(), header, shape)
        md5 = hashlib.md5(packed[name + ".gz"]).hexdigest()
        resources.append((name + ".gz", md5))
    monkeypatch.setattr(_mnist, "FILES", files)
    monkeypatch.setattr(data, "VALIDATION", 10)
    monkeypatch.setattr(MNIST, "resources", resources)
    for name, seconds in LIMITS.items():
        monkeypatch.setattr(_mnist, name, seconds)
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "*")
    return packed


@pytest.fixture
def serve(small, monkeypatch):
    """Start mirrors; each is a function of (handler, name, body)."""
    servers = []

    def start(*behaviours):
        mirrors = []
        for behave in behaviours:

            class Handler(http.server.BaseHTTPRequestHandler):
                calls = 0

                def do_GET(self, behave=behave):
                    type(self).calls += 1
                    name = self.path.rpartition("/")[2]
                    with contextlib.suppress(OSError):  # nobody listens
                        behave(self, name, small[name])

                def log_message(self, *args):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            threading.Thread(
                target=server.serve_forever, args=(0.01,), daemon=True
            ).start()
            servers.append(server)
            mirrors.append(f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setattr(MNIST, "mirrors", mirrors)
        return [s.RequestHandlerClass for s in servers]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def load(capsys, record_property):
    """Load MNIST; what came of it goes into the table of cases.

    Returns the line that was printed, or the error.
    """

    def call(case, source=None):
        capsys.readouterr()
        start = time.monotonic()
        try:
            got = data.load_mnist(source).source
            said = capsys.readouterr().out
            assert said.count("\n") == 1
            expected = {"mnist": "MNIST", "digits": "the stand-in"}[got]
            assert said.startswith(f"data: {expected}")
            assert got == "mnist" or "MNIST could not be downloaded:" in said
        except data.DataError as error:
            said = f"DataError: {error}"
        seconds = time.monotonic() - start
        assert seconds < LIMIT, f"{case}: {seconds:.0f} s"
        assert not wrong_files(), f"{case}: a wrong file is believed"
        short = re.sub(r"http\S+|/\S+/", "…", said.strip())
        short = short.replace(", scikit-learn's 8×8 digits enlarged", "")
        short = short.replace("MNIST could not be downloaded: ", "")
        record_property(
            "data under fire", [case, f"{seconds:.1f} s", short[:90]]
        )
        return said.strip()

    return call


def raw():
    return data.data_folder() / "MNIST" / "raw"


def wrong_files():
    """The files that the next call would take for MNIST's, and are not."""
    return [
        name
        for name, (md5, *_) in _mnist.FILES.items()
        if (raw() / name).is_file()
        and hashlib.md5((raw() / name).read_bytes()).hexdigest() != md5
    ]


def leftovers(folder):
    return sorted(
        p.name for p in folder.rglob("*") if p.is_file() and p.name != ".lock"
    )


def fill(small, folder):
    """Put the four files there, unpacked."""
    folder.mkdir(parents=True)
    for name, body in small.items():
        (folder / name.removesuffix(".gz")).write_bytes(gzip.decompress(body))


def test_plain_files_are_mapped(small, monkeypatch):
    fill(small, raw())
    pixels = data.load_mnist("mnist").X_train.pixels
    mapped = Path("/proc/self/maps")
    if mapped.is_file():
        assert str(raw() / "train-images-idx3-ubyte") in mapped.read_text()
    pixels.zero_()  # the reader's own copy
    again = data.load_mnist("mnist").X_train.pixels
    assert again.any()

    def refuse(*_, **__):
        raise RuntimeError("unable to mmap: No such device (19)")

    monkeypatch.setattr("torch.from_file", refuse)
    assert torch.equal(data.load_mnist("mnist").X_train.pixels, again)


# --- Mirrors that misbehave --------------------------------------------------


def answer(handler, body, status=200, length=None):
    handler.send_response(status)
    handler.send_header(
        "Content-Length", str(len(body) if length is None else length)
    )
    handler.end_headers()
    handler.wfile.write(body)


def good(handler, name, body):
    answer(handler, body)


def missing(handler, name, body):
    answer(handler, b"not here", 404)


def forbidden(handler, name, body):
    answer(handler, b"not you", 403)


def captive_portal(handler, name, body):
    answer(handler, b"<html>Please log in</html>")


def redirects_in_a_circle(handler, name, body):
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


def speaks_no_http(handler, name, body):
    handler.wfile.write(b"220 ftp.example.org ready\r\n\r\n")


def cut_short(handler, name, body):
    answer(handler, body[: len(body) // 2], length=len(body))


def one_byte_flipped(handler, name, body):
    answer(handler, body[:-9] + bytes([body[-9] ^ 1]) + body[-8:])


def length_too_small(handler, name, body):
    answer(handler, body, length=len(body) - 5)


def length_is_no_number(handler, name, body):
    answer(handler, body, length="many")


def hangs_at_once(handler, name, body):
    time.sleep(2)


def hangs_half_way(handler, name, body):
    cut_short(handler, name, body)
    time.sleep(2)


def resets(handler, name, body):
    handler.connection.close()


def trickles(handler, name, body):
    answer(handler, b"", length=len(body))
    for byte in body:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.2)


def trickles_its_headers(handler, name, body):
    if type(handler).calls == 1:  # the question whether it is there
        good(handler, name, body)
        return
    for byte in b"HTTP/1.0 200 OK\r\nX-Long: " + bytes(60):
        handler.wfile.write(bytes([byte]))
        time.sleep(0.2)


def only_the_first_file(handler, name, body):
    (good if name.startswith("train-images") else missing)(handler, name, body)


BAD = [
    missing,
    forbidden,
    captive_portal,
    redirects_in_a_circle,
    speaks_no_http,
    cut_short,
    one_byte_flipped,
    length_too_small,
    length_is_no_number,
    hangs_at_once,
    hangs_half_way,
    resets,
    only_the_first_file,
    trickles,  # this and the next take all the time there is
    trickles_its_headers,
]


def name_of(behave):
    return behave.__name__.replace("_", " ")


def test_a_good_mirror(serve, load, tmp_path):
    serve(good)
    said = load("a good mirror")
    assert said == "data: MNIST; 50 training, 10 validation, 60 test images"
    assert leftovers(tmp_path / "data") == sorted(_mnist.FILES)


@pytest.mark.parametrize("bad", BAD[:-2], ids=name_of)
def test_a_bad_mirror_then_a_good_one(serve, load, monkeypatch, tmp_path, bad):
    monkeypatch.setattr(_mnist, "DOWNLOAD_WITHIN", LIMIT)
    serve(bad, good)
    assert load(f"{name_of(bad)}; a second is good").startswith("data: MNIST;")
    assert leftovers(tmp_path / "data") == sorted(_mnist.FILES)


@pytest.mark.parametrize("bad", BAD, ids=name_of)
def test_only_a_bad_mirror(serve, load, monkeypatch, tmp_path, bad):
    monkeypatch.setattr(_mnist, "DOWNLOAD_WITHIN", 1.0)
    handlers = serve(bad)
    assert "stand-in" in load(f"{name_of(bad)}; no other")
    assert leftovers(tmp_path / "data") == ["download-failed"]
    calls = handlers[0].calls
    assert "stand-in" in load(f"{name_of(bad)}; the next call")
    assert handlers[0].calls == calls  # not asked again for a while
    if bad is missing:
        said = load("404; MNIST insisted on", "mnist")
        assert said.startswith("DataError: MNIST could not be downloaded: ")
        assert handlers[0].calls > calls  # insisting asks again


def test_a_mirror_that_works_the_second_time(serve, load, tmp_path):
    def recovering(handler, name, body):
        (missing if type(handler).calls == 1 else good)(handler, name, body)

    serve(recovering)
    assert "stand-in" in load("works the second time: the first call")
    said = load("works the second time: MNIST insisted on", "mnist")
    assert said.startswith("data: MNIST;")
    assert leftovers(tmp_path / "data") == sorted(_mnist.FILES)


def test_a_failure_is_forgotten_after_a_while(serve, load):
    serve(missing)
    assert "stand-in" in load("404: the first call")
    serve(good)
    old = time.time() - _mnist.RETRY_AFTER - 1
    os.utime(raw().parent / "download-failed", (old, old))
    assert load("404, and good ten minutes later").startswith("data: MNIST;")


def test_no_network_costs_less_than_five_seconds(small, load, monkeypatch):
    monkeypatch.setattr(_mnist, "ANSWER_WITHIN", 3.0)
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"] * 2)
    start = time.monotonic()
    assert _mnist.fetch(raw(), insist=False)
    assert time.monotonic() - start < 5
    assert "stand-in" in load("no network")


def test_a_name_that_cannot_be_looked_up_in_time(small, load, monkeypatch):
    def hang(*args, **options):
        time.sleep(LIMIT)
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(MNIST, "mirrors", ["http://mirror.example/"] * 2)
    start = time.monotonic()
    assert "stand-in" in load("looking the name up hangs")
    assert time.monotonic() - start < 4 * _mnist.ANSWER_WITHIN


def test_a_packed_file_cannot_choose_where_it_goes(
    serve, small, load, monkeypatch, tmp_path
):
    resources = []
    for name, body in small.items():  # the name it had before it was packed
        path = b"../../../evil\0"
        small[name] = body[:3] + b"\x08" + body[4:10] + path + body[10:]
        resources.append((name, hashlib.md5(small[name]).hexdigest()))
    monkeypatch.setattr(MNIST, "resources", resources)
    serve(good)
    said = load("packed with ../../../evil as its name")
    assert said.startswith("data: MNIST;")
    assert leftovers(tmp_path) == sorted(_mnist.FILES)


# --- The true reason, and the way out ----------------------------------------


def wants_a_name(handler, name, body):
    answer(handler, b"who are you?", 407)


@pytest.mark.parametrize(
    ("behave", "reason", "help"),
    [
        (missing, "HTTP 404", ""),
        (forbidden, "HTTP 403", "copy the four files"),
        (wants_a_name, "HTTP 407", "https_proxy=http://NAME:PASSWORD@"),
        (hangs_at_once, "no answer within 0.5 seconds", ""),
        (cut_short, "a file with a wrong checksum", ""),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_mirror_is_named_with_its_reason(
    serve, load, behave, reason, help
):
    serve(behave, missing)
    said = load(f"{name_of(behave)}; the reason")
    first, second = re.findall(r"127\.0\.0\.1:\d+: [^;]*", said)[:2]
    assert reason in first
    assert "HTTP 404" in second
    assert help in said


@pytest.mark.parametrize(
    ("error", "help"),
    [
        (
            ssl.SSLCertVerificationError("CERTIFICATE_VERIFY_FAILED"),
            "SSL_CERT_FILE",
        ),
        (OSError("Tunnel connection failed: 407 Who"), "NAME:PASSWORD"),
        (OSError("Tunnel connection failed: 403 No"), "copy the four files"),
        (socket.gaierror(-2, "Name or service not known"), "no network"),
    ],
)
def test_what_a_proxy_does_is_told(serve, load, monkeypatch, error, help):
    def refuse(*_, **__):
        raise urllib.error.URLError(error)

    serve(good)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    said = load(f"{type(error).__name__}")
    assert str(error) in said
    assert help in said


def test_a_call_that_does_not_try_says_so(serve, load):
    serve(missing)
    assert "not tried" not in load("404")
    said = load("404; the next call says until when")
    assert re.search(r"HTTP 404 .*; not tried again before \d\d:\d\d", said)
    serve(good)  # the network is mended
    assert 'data.load_mnist("mnist")' in load("mended, not tried yet")
    assert load("mended, insisted on", "mnist").startswith("data: MNIST;")
    assert load("mended, and from then on").startswith("data: MNIST;")


# --- Files under other names -------------------------------------------------


@pytest.mark.parametrize("where", ["MNIST/raw", "MNIST", "."])
@pytest.mark.parametrize("dot", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_files_as_people_have_them(small, load, packed, dot, where):
    folder = data.data_folder() / where
    folder.mkdir(parents=True)
    for name, content in small.items():
        name = name if packed else name.removesuffix(".gz")
        content = content if packed else gzip.decompress(content)
        name = name.replace("-idx", ".idx") if dot else name
        (folder / name).write_bytes(content)
    said = load(f"packed: {packed}, .idx: {dot}, in {where}")
    assert said == "data: MNIST; 50 training, 10 validation, 60 test images"


def test_what_is_wanted_and_what_is_there(serve, load, small):
    serve(missing)
    raw().mkdir(parents=True)
    (raw() / "mnist.pkl").touch()
    (raw() / "train-labels.idx1-ubyte.gz").write_bytes(
        small["train-labels-idx1-ubyte.gz"]
    )
    said = load("two files, one of them MNIST's", "mnist")
    assert "train-images-idx3-ubyte, t10k-images-idx3-ubyte, t10k-" in said
    assert "there: mnist.pkl, train-labels.idx1-ubyte.gz" in said
    assert "train-labels-idx1-ubyte," not in said
    assert "there: mnist.pkl" in load("the stand-in says so too")


def test_a_packed_file_that_is_broken_is_named(small, load):
    raw().mkdir(parents=True)
    for name, content in small.items():
        (raw() / name).write_bytes(content[:-9])
    said = load("packed files cut short")
    assert re.match("DataError: .*train-images-idx3-ubyte.gz is not", said)


# --- The folder --------------------------------------------------------------


@pytest.mark.parametrize("error", [errno.ENOLCK, errno.ENOSYS])
def test_a_file_system_without_locks(serve, load, monkeypatch, error):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", refuse)
    serve(good)
    assert load(f"no locks: {errno.errorcode[error]}").startswith(
        "data: MNIST;"
    )
    assert load("no locks, the next call").startswith("data: MNIST;")


def test_a_relative_folder_counts_from_where_the_reader_stands(
    tmp_path, monkeypatch
):
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")  # where the notebook runs
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("LESSONS_DATA_DIR", "data")
    assert data.data_folder() == tmp_path / "data"
    (tmp_path / "data").mkdir()
    assert data.data_folder() == tmp_path / "data"
    monkeypatch.delenv("PWD")
    assert data.data_folder() == Path("data")


# --- The folder and the disk -------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b[:-1], lambda b: b[:20] + b"\xff" + b[21:], lambda b: b""],
    ids=["cut short", "a byte changed", "empty"],
)
def test_a_spoilt_file_is_named(serve, tmp_path, spoil):
    serve(good)
    data.load_mnist()
    path = raw() / "t10k-images-idx3-ubyte"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(
        data.DataError, match="t10k-images-idx3-ubyte is not MNIST's"
    ):
        data.load_mnist()
    path.unlink()
    assert data.load_mnist("mnist").source == "mnist"


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_file_in_place_of_the_folder(
    small, load, monkeypatch, tmp_path, where
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path / where))
    said = load(f"the folder is a {where.replace('/', ', or ')}")
    assert said.startswith("DataError: the data folder ")
    assert "set LESSONS_DATA_DIR" in said


def test_a_folder_in_place_of_a_file(serve, load):
    serve(good)
    (raw() / "t10k-images-idx3-ubyte").mkdir(parents=True)
    assert load("a folder in place of a file").startswith("DataError: ")


@pytest.fixture
def mount(tmp_path, monkeypatch):
    """Mount a small file system as data folder, where root may do so."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    monkeypatch.setenv("LESSONS_DATA_DIR", str(folder))
    mounted = []

    def call(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        if mounted:
            command = ["mount", "-o", f"remount,{options}", folder]
        if shutil.which("mount") is None or os.name == "nt":
            return False
        if subprocess.run(command, capture_output=True).returncode:
            return False
        mounted.append(folder)
        return True

    yield call
    if mounted:
        subprocess.run(["umount", folder], check=True)


def test_a_read_only_folder(serve, load, mount):
    handlers = serve(good)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not mount("ro"):
        if root or os.name == "nt":
            pytest.skip("nothing here can be made read-only")
        data.data_folder().chmod(0o500)
    said = load("a read-only folder, empty")
    assert "cannot be written" in said
    assert handlers[0].calls == 0


def test_a_read_only_folder_that_holds_mnist(serve, load, mount):
    serve(good)
    if not mount("size=1m"):
        pytest.skip("only root may mount a file system")
    data.load_mnist()
    assert mount("ro")
    assert load("a read-only folder with MNIST").startswith("data: MNIST;")


def test_a_full_disk(serve, load, monkeypatch, mount):
    serve(good)
    really = mount("size=32k")

    def full(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if not really:
            patch.setattr(_mnist.shutil, "copyfileobj", full)
        said = load("a full disk" + ("" if really else " (simulated)"))
    assert "No space left on device" in said
    assert leftovers(data.data_folder()) == []
    if not really or mount("size=1m"):
        assert load("and then room again").startswith("data: MNIST;")


def test_a_limit_on_the_size_of_files(serve, load):
    resource = pytest.importorskip("resource")
    serve(good)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        said = load("files may have 20 kB")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "File too large" in said
    assert leftovers(data.data_folder()) == []


# --- Several processes, and some of them killed ------------------------------


def in_a_fresh_process(body, timeout=120):
    """Run Python code against the small MNIST; what it printed.

    It may fork: unlike this process it has no other threads.
    """
    values = {name: getattr(_mnist, name) for name in LIMITS}
    head = f"""
import hashlib, os, random, signal, sys, time
from pathlib import Path
from torchvision.datasets import MNIST
from lessons_lib import _mnist, data
MNIST.mirrors, MNIST.resources = {MNIST.mirrors!r}, {MNIST.resources!r}
_mnist.FILES, data.VALIDATION = {_mnist.FILES!r}, 10
for name, value in {values!r}.items():
    setattr(_mnist, name, value)
raw = data.data_folder() / "MNIST" / "raw"

def fork(work):
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
    return child
"""
    run = subprocess.run(
        [sys.executable, "-c", head + body],
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


def slow(handler, name, body):
    """A good mirror that takes about a third of a second for all files."""
    answer(handler, b"", length=len(body))
    step = len(body) // 8 + 1
    for start in range(0, len(body), step):
        handler.wfile.write(body[start : start + step])
        time.sleep(0.01)


needs_fork = pytest.mark.skipif(
    sys.platform != "linux", reason="needs a safe fork"
)


@needs_fork
def test_a_process_killed_at_ten_random_moments(
    serve, load, monkeypatch, record_property
):
    monkeypatch.setattr(_mnist, "DOWNLOAD_WITHIN", LIMIT)
    serve(slow)
    out = in_a_fresh_process("""
start = time.monotonic()
os.waitpid(fork(lambda: data.load_mnist("mnist")), 0)
span = time.monotonic() - start
moments = random.Random(0)
for n in range(10):
    if all((raw / name).is_file() for name in _mnist.FILES):
        for name in _mnist.FILES:
            (raw / name).unlink()
    child = fork(lambda: data.load_mnist("mnist"))
    time.sleep(span * moments.random())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    there = [p for p in raw.iterdir() if p.name in _mnist.FILES]
    for path in there:
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        assert md5 == _mnist.FILES[path.name][0], path
    left = len(list(raw.parent.glob(".part-*")))
    print(f"{left} unfinished folders, {len(there)} whole files, no other")
""")
    for n, line in enumerate(out.splitlines(), start=1):
        record_property("data under fire", [f"killed, {n} of 10", "", line])
    assert out.count("\n") == 10
    assert "1 unfinished" in out  # some kill came in the middle
    assert load("after ten kills").startswith("data: MNIST;")
    assert leftovers(data.data_folder()) == sorted(_mnist.FILES)


@needs_fork
def test_eight_processes_at_once_one_of_them_killed(
    serve, monkeypatch, record_property
):
    monkeypatch.setattr(_mnist, "DOWNLOAD_WITHIN", LIMIT)
    handlers = serve(good)
    out = in_a_fresh_process("""
file, note = _mnist._download_file, data.data_folder() / "pid"
raw.mkdir(parents=True)

def killed_at_the_third(url, *rest):
    if "t10k-images" in url and not note.exists():
        note.write_text(str(os.getpid()))
        time.sleep(60)
    file(url, *rest)

_mnist._download_file = killed_at_the_third
children = [fork(lambda: data.load_mnist("mnist")) for _ in range(8)]
while not (note.is_file() and note.read_text()):
    time.sleep(0.01)
os.kill(int(note.read_text()), signal.SIGKILL)
print(sorted(os.waitpid(child, 0)[1] for child in children))
note.unlink()
""")
    assert out == f"{[0] * 7 + [9]}\n"
    assert not wrong_files()
    assert leftovers(data.data_folder()) == sorted(_mnist.FILES)
    # A question and two files by the one killed, a question and four files by
    # another; nobody else downloads.
    assert handlers[0].calls == 1 + 2 + 1 + 4
    record_property(
        "data under fire",
        ["8 at once, the one that downloads killed", "", "7 times MNIST"],
    )
