"""What was used last, remembered beside the store."""

import json

from PySide6.QtCore import QSettings

_KEY = "palette/recent"
_MOST = 30
_LONGEST_KEY = 80

#: How the keys of commands, leads, companies and people begin.
COMMAND, LEAD, COMPANY, PERSON = "command:", "lead:", "company:", "person:"


class Recent:
    """Commands and leads by keys, the last one first. What cannot be read counts as nothing."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    def all(self) -> list[str]:
        """The keys, the last one first."""
        try:
            kept = json.loads(str(self._memory.value(_KEY, "[]")))
        except (ValueError, RecursionError):
            return []
        keys = kept if isinstance(kept, list) else []
        return [key for key in keys if isinstance(key, str) and len(key) <= _LONGEST_KEY][:_MOST]

    def note(self, key: str) -> None:
        """This was used now."""
        kept = [key, *(other for other in self.all() if other != key)]
        self._memory.setValue(_KEY, json.dumps(kept[:_MOST]))

    def commands(self) -> list[str]:
        """The ids of commands used last."""
        return [key.removeprefix(COMMAND) for key in self.all() if key.startswith(COMMAND)]

    def leads(self) -> list[int]:
        """The ids of leads used last."""
        return [row_id for entity, row_id in self._records() if entity == LEAD[:-1]]

    def others(self) -> list[tuple[str, int]]:
        """Companies and people used last: their kind and id."""
        return [record for record in self._records() if record[0] in (COMPANY[:-1], PERSON[:-1])]

    def _records(self) -> list[tuple[str, int]]:
        pairs = [key.partition(":") for key in self.all() if not key.startswith(COMMAND)]
        return [(kind, int(id_)) for kind, _colon, id_ in pairs if id_.isascii() and id_.isdigit() and len(id_) < 19]
