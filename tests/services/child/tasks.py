"""Tasks of a child that does not do what it should, run as `python -m tests.services.child.tasks`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from app.core.errors import InvalidInput
from app.core.i18n import Plural, Text
from app.services.child.serving import Task, Tell, serve
from app.services.child.wire import Message


def echo(file: IO[bytes], arguments: Mapping[str, Any], tell: Tell) -> Message:
    data = file.read()
    sys.stdout.write("nobody asked for this\n")
    subprocess.run([sys.executable, "-c", "print('nor for this')"], check=False)
    return Message({"arguments": dict(arguments)}, (data, b"", data[::-1]))


def loaded(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    return Message({"modules": sorted(sys.modules)})


def refuse(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    raise InvalidInput(Plural("{n} leaf", "{n} leaves", n=len(file.read())), Text("About {what}", what=Text("trees")))


def stumble(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    raise IndexError(file.read().decode())


def sleep(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    if name := file.read():
        Path(os.fsdecode(name)).touch()
    time.sleep(600)
    return Message({})


def spin(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    while True:
        pass


def eat(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    eaten = []
    while True:
        eaten.append(bytearray(1 << 20))


def dig(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    return dig(file, _, tell)


def flood(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    return Message({}, (bytes(8 << 20),) * 8)


def die(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    os.kill(os.getpid(), signal.SIGKILL)
    return Message({})


def leave(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    os._exit(0)


def keep(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    Path(os.fsdecode(file.read())).write_bytes(b"secret")
    return Message({})


def count(file: IO[bytes], arguments: Mapping[str, Any], tell: Tell) -> Message:
    for done in range(arguments["to"]):
        tell(done, arguments["to"])
    if arguments["wait"]:
        time.sleep(600)
    return Message({"counted": arguments["to"]})


def chatter(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    while True:
        tell(1, 2)


TASKS: Mapping[str, Task] = {
    task.__name__: task
    for task in (
        echo, loaded, refuse, stumble, sleep, spin, eat, dig, flood, die, leave, keep, count, chatter,
    )
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(serve(TASKS))
