"""What a command needs, and in words why it cannot be used without that."""

from app.core.i18n import N_

#: Why a command cannot be used, by what it needs.
WHY = {
    "list": N_("Only beside a list of leads"),
    "leads": N_("Choose a lead first"),
    "ideas": N_("Only for an idea of the contact potential"),
    "active": N_("Only for active leads"),
    "open": N_("Only for leads that are not closed"),
    "closed": N_("Only for closed leads"),
    "chosen": N_("Choose an entry first"),
    "companies": N_("Choose a company first"),
    "customers": N_("Choose a company or person first"),
    "one": N_("Choose one company or person first"),
    "person": N_("Choose one person first"),
    "several": N_("Choose two companies or two people first"),
    "present": N_("Only for customers that are not archived"),
    "archived": N_("Only for archived customers"),
    "undo": N_("There is nothing to undo"),
    "redo": N_("There is nothing to do again"),
    "colleagues": N_("Nobody else works here"),
    "password": N_("Only with a password of your own"),
    "team": N_("Only with a team's server"),
}
#: Where nothing closer can be said.
NOT_NOW = N_("Not possible right now")
