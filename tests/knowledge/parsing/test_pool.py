"""Files are read in child processes, and nothing a file does reaches further."""

import asyncio
import signal
from pathlib import Path

import psutil
import pytest

from shopwright.knowledge.parsing import ParseFailed, sandbox_report

SLOW = b"# x\n\n" + b"[a](b) *c* " * 150_000
ALL_WALLS = {
    "no_new_privileges",
    "system_calls",
    "memory",
    "cpu",
    "no_file_writes",
    "socket_refused",
    "program_refused",
    "writing_refused",
}


_of_others: set[int] = set()


@pytest.fixture(autouse=True)
def _only_our_own():
    """Other tests of this run keep a pool as well; what was there before is not looked at."""
    _of_others.clear()
    _of_others.update(process.pid for process in zygotes())


def zygotes() -> list[psutil.Process]:
    """The forking processes that this test started."""
    children = psutil.Process().children()
    return [p for p in children if p.pid not in _of_others and "shopwright.knowledge.parsing.zygote" in p.cmdline()]


def forks() -> list[psutil.Process]:
    """Parsers at work: children of the forking processes."""
    return [fork for zygote in zygotes() for fork in zygote.children()]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def descriptors_there() -> int:
    """Open descriptors of the forking process; 0 where it is closed to us, as it is to all but root."""
    try:
        return zygotes()[0].num_fds()
    except psutil.AccessDenied:
        return 0


async def until(condition, seconds: float = 5.0):
    """Wait for what another process is about to do."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):  # noqa: ASYNC110 - another process sets no event here
            await asyncio.sleep(0.005)
        return value


async def test_a_child_gives_the_same_as_reading_here(make_pool):
    from shopwright.knowledge.parsing import extract

    data = b"# Returns\n\nWithin 30 days.\n\n| Zone | Days |\n|---|---|\n| EU | 3 |\n"

    assert await make_pool().extract(data, "a.md") == extract(data, "a.md")


async def test_a_failure_comes_with_its_sentence(make_pool):
    with pytest.raises(ParseFailed) as failed:
        await make_pool().extract(b"\x89PNG\r\n\x1a\n" + bytes(100), "scan.pdf")

    assert failed.value.code == "unsupported_type"
    assert "picture" in failed.value.message


async def test_reading_too_long_is_stopped(make_pool):
    pool = make_pool(wall_seconds=0.3)

    with pytest.raises(ParseFailed) as failed:
        await pool.extract(SLOW, "slow.md")

    assert (failed.value.code, failed.value.retryable) == ("too_slow", True)
    assert not forks()
    assert (await pool.extract(b"still there", "a.txt")).text == "still there"


async def test_computing_too_long_is_stopped(make_pool):
    with pytest.raises(ParseFailed) as failed:
        await make_pool(cpu_seconds=1).extract(SLOW * 4, "slow.md")

    assert (failed.value.code, failed.value.retryable) == ("too_slow", False)


async def test_taking_too_much_memory_is_stopped(make_pool):
    pool = make_pool(memory_bytes=64 * 1024 * 1024)
    data = b"[" + b",".join(b'{"a": %d, "b": [1, 2, 3]}' % n for n in range(400_000)) + b"]"

    with pytest.raises(ParseFailed) as failed:
        await pool.extract(data, "big.json")

    assert failed.value.code == "too_much_memory"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, "too_much_memory"), (signal.SIGSEGV, "crashed")])
async def test_a_parser_that_dies_fails_one_file_and_no_other(make_pool, number, code):
    pool = make_pool()
    await pool.start()
    dying = asyncio.create_task(pool.extract(SLOW, "slow.md"))
    (victim,) = await until(forks)

    other = asyncio.create_task(pool.extract(b"well and alive", "a.txt"))
    victim.send_signal(number)

    with pytest.raises(ParseFailed) as failed:
        await dying
    assert failed.value.code == code
    assert (await other).text == "well and alive"


async def test_the_forking_process_is_started_again_when_it_dies(make_pool):
    pool = make_pool()
    await pool.start()
    (first,) = zygotes()
    first.kill()
    await until(lambda: first.status() == psutil.STATUS_ZOMBIE)

    assert (await pool.extract(b"again", "a.txt")).text == "again"
    assert [p.pid for p in zygotes()] != [first.pid]


async def test_a_file_outlives_the_forking_process_and_its_fork_does_not(make_pool):
    pool = make_pool()
    await pool.start()
    task = asyncio.create_task(pool.extract(b"# x\n\n" + b"[a](b) " * 60_000, "slow.md"))
    (fork,) = await until(forks)
    zygotes()[0].kill()

    assert (await task).text.startswith("x\n\na")
    await until(lambda: not fork.is_running() or fork.status() == psutil.STATUS_ZOMBIE)


async def test_giving_up_kills_the_fork(make_pool):
    pool = make_pool()
    await pool.start()
    task = asyncio.create_task(pool.extract(SLOW, "slow.md"))
    await until(forks)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not forks())


async def test_no_more_than_two_files_are_read_at_a_time(make_pool):
    pool = make_pool(concurrency=2, wall_seconds=30.0)
    await pool.start()
    tasks = [asyncio.create_task(pool.extract(SLOW, f"{n}.md")) for n in range(5)]

    await until(lambda: len(forks()) == 2)
    most = 0
    for _ in range(100):
        most = max(most, len(forks()))
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert most == 2


async def test_no_descriptor_and_no_dead_process_is_left(make_pool):
    pool = make_pool(wall_seconds=0.2)
    await pool.extract(b"warm", "a.txt")
    before, before_there = open_descriptors(), descriptors_there()

    for _ in range(10):
        await pool.extract(b"text", "a.txt")
        with pytest.raises(ParseFailed):
            await pool.extract(b"", "a.txt")
    with pytest.raises(ParseFailed):
        await pool.extract(SLOW, "a.md")

    assert open_descriptors() == before
    await until(lambda: descriptors_there() <= before_there)
    assert not forks()


async def test_closing_ends_everything(make_pool):
    pool = make_pool()
    await pool.start()
    task = asyncio.create_task(pool.extract(SLOW, "slow.md"))
    await until(forks)
    await pool.close()

    with pytest.raises(ParseFailed) as failed:
        await task
    assert failed.value.code == "interrupted"
    assert not zygotes()


def test_it_works_on_uvloop_too():
    import uvloop

    from shopwright.knowledge.parsing import ParserPool

    async def main():
        pool = ParserPool()
        try:
            return await asyncio.gather(*(pool.extract(b"text %d" % n, "a.txt") for n in range(6)))
        finally:
            await pool.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert [e.text for e in runner.run(main())] == [f"text {n}" for n in range(6)]


async def test_the_forking_process_knows_nothing_of_the_server(make_pool, monkeypatch):
    monkeypatch.setenv("SHOPWRIGHT_SECRET_KEY", "hunter2")
    await make_pool().start()
    (zygote,) = zygotes()
    try:
        environment = zygote.environ()
    except psutil.AccessDenied:
        pytest.skip("the process is closed to all but root, as it should be")

    assert "PYTHONPATH" in environment
    assert "hunter2" not in str(environment)


def test_the_walls_hold_on_this_machine():
    report = sandbox_report()

    assert {name for name in ALL_WALLS if report.get(name)} == ALL_WALLS
    assert isinstance(report["problems"], list)
