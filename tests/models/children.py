"""Processes that are killed in the middle of their work, and what they acknowledged until then.

Run as `python -m tests.models.children ROLE FOLDER`; each line of output acknowledges what is safely done.
"""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.models import migrate
from app.models.opening import store_file
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.owners import Owner
from tests.stores import add_lead, reopened

#: A further revision, as one could come: a table is built anew with a column more, its children staying.
_REVISION = '''
"""A revision for tests."""
from alembic import op
revision = "0005"
down_revision = "0004"

def upgrade():
    print("begun", flush=True)
    op.execute("CREATE TABLE fresh AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) "
               "SELECT i, hex(randomblob(40)) FROM n")
    op.execute("ALTER TABLE lead ADD COLUMN colour VARCHAR(7)")
    op.execute("UPDATE lead SET colour = '#' || substr(uid, 1, 6)")
    op.execute("CREATE TABLE note_new (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT, lead_id INTEGER "
               "REFERENCES lead (id), user_id INTEGER, at INTEGER, text TEXT, deleted_at INTEGER, colour TEXT)")
    op.execute("INSERT INTO note_new SELECT id, uid, lead_id, user_id, at, text, deleted_at, 'x' FROM note")
    op.execute("DROP TABLE note")
    op.execute("ALTER TABLE note_new RENAME TO note")
    op.execute("DROP TABLE fresh")
    op.execute("CREATE INDEX ix_lead_colour ON lead (colour)")
'''


def with_a_further_revision(folder: Path) -> None:
    """Let this process know a revision 0004, whose migrations lie in `folder`."""
    shutil.copytree(migrate._FOLDER, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "migrations" / "versions" / "v0004_test.py").write_text(_REVISION)
    vars(migrate).update(_FOLDER=folder / "migrations", HEAD="0005", KNOWN=("0001", "0002", "0003", "0004", "0005"))


def write(folder: Path) -> None:
    """Create leads with a next step, a company and tags, each in one step, and acknowledge every one."""
    store = reopened(folder)
    leads = Leads(store)
    number = 0
    while True:
        number += 1
        title = f"Lead {number}"
        leads.create(title=title, company=f"Firma {number}", tags=[f"a{number}", f"b{number}"], info="x" * 500)
        _acknowledge(title)


def attach(folder: Path) -> None:
    """Put files of three pieces on a lead and acknowledge every one."""
    store = reopened(folder)
    owner = Owner("lead", Leads(store).create(title="Lead"))
    number = 0
    while True:
        number += 1
        Files(store).attach(owner, [Upload(f"{number}.bin", random.Random(number).randbytes(2_500_000))])
        _acknowledge(f"{number}.bin")


def bring_forward(folder: Path) -> None:
    """Migrate the store to the further revision."""
    with_a_further_revision(folder / "revisions")
    migrate.migrate(store_file(folder))
    _acknowledge("done")


def _acknowledge(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def killed(role: str, folder: Path, chance: random.Random, longest: float) -> list[str]:
    """Start a process, kill it at some moment after its first line; gives the lines it acknowledged."""
    child = subprocess.Popen([sys.executable, "-m", "tests.models.children", role, str(folder)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with closing(child.stdout) as out:
        first = out.readline()
        time.sleep(chance.uniform(0, longest))
        child.kill()
        rest = out.read()
        child.wait()
    # a line without its end was never acknowledged
    return [line.decode() for line in (first + rest).split(b"\n")[:-1]]


def fill(folder: Path, leads: int) -> None:
    """Some leads with stage entries, for what is migrated."""
    store = reopened(folder)
    try:
        for number in range(leads):
            add_lead(store, f"Lead {number}", info="x" * 1000)
    finally:
        store.close()


def seeds(count: int) -> Iterator[random.Random]:
    """Chances that are the same in every run."""
    return (random.Random(number) for number in range(count))


if __name__ == "__main__":
    {"write": write, "migrate": bring_forward, "attach": attach}[sys.argv[1]](Path(sys.argv[2]))
