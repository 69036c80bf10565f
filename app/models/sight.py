"""What somebody may see and do on a day: role, and for whom he or she stands in."""

from sqlalchemy import Connection, text

from app.core.roles import EVERYTHING, Rights, Role


def rights_of(connection: Connection, member: int | None, day: int) -> Rights:
    """The rights of a member on a day number; of nobody (None) all, of one who is gone none but to read nothing.

    Where no owner is left, whoever has full access takes that place: there is always somebody who decides.
    """
    if member is None:
        return EVERYTHING
    row = connection.execute(_ROLE, {"member": member}).first()
    if row is None:
        return Rights(member, Role.LIMITED, frozenset())
    role = Role(row.role)
    if role is Role.FULL and not row.owned:
        role = Role.OWNER
    if role is not Role.LIMITED:
        return Rights(member, role)
    stood_in_for = connection.execute(_STANDS_IN_FOR, {"member": member, "day": day}).scalars()
    return Rights(member, role, frozenset({member, *stood_in_for}))


_ROLE = text("""
SELECT role,
  EXISTS (SELECT 1 FROM main.member AS other WHERE other.role = 'owner' AND other.deleted_at IS NULL) AS owned
FROM main.member WHERE id = :member AND deleted_at IS NULL
""")
#: Whoever is away today and has the member as deputy.
_STANDS_IN_FOR = text("""
SELECT absence.user_id FROM main.absence AS absence JOIN main.member AS away ON away.id = absence.user_id
WHERE :day BETWEEN absence.first_on AND absence.last_on AND away.deleted_at IS NULL
AND COALESCE(absence.deputy_id, away.deputy_id) = :member
""")
