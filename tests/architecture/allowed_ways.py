"""What reads past the views that show each reader only what he may see, and why that gives nothing away.

By the reason the places, as `tests.architecture.ways_around` names them: module:function what. Whoever adds one has
looked at what somebody gets to know through it who sees only some leads, and says it here.
"""

from collections.abc import Mapping

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "It is what makes the views and knows the conditions, of which tests/services/sight asks every question.": (
        "models.as_of:_DIFFERS qualified", "models.as_of:_HALVES qualified", "models.as_of:_LAID qualified",
        "models.as_of:_change_view qualified", "models.as_of:_view qualified",
        "models.conditions:local_sight qualified", "models.guard:_seen select of no record",
        "models.sight:_ROLE qualified", "models.sight:_STANDS_IN_FOR qualified", "models.veil:_LAID qualified",
        "models.veil:list_seen qualified", "models.veil:seen_now qualified", "models.veil:veil qualified",
        "models.visibility:_Listed.ids qualified", "models.visibility:_MAIL qualified",
        "models.visibility:_PASSWORDS qualified", "models.visibility:_SOURCE qualified",
        "models.visibility:_WORDS qualified", "models.visibility:_WORKS_ELSEWHERE qualified",
        "models.visibility:_documents qualified", "models.visibility:_hanging qualified",
        "models.visibility:_imports qualified", "models.visibility:_listed_of qualified",
        "models.visibility:_names qualified", "models.visibility:_restricted qualified",
        "models.visibility:_restricting qualified", "models.visibility:_steps qualified",
        "models.visibility:_taking_part qualified", "models.visibility:_trashed qualified",
        "models.visibility:_with qualified", "models.visibility:listing_statements qualified",
        "models.visibility:live_view qualified",
    ),
    "It opens connections and files for the store, and reads nothing for anybody.": (
        "models.engine:_connect connect", "models.engine:_dialect connect", "models.engine:connect_to_read connect",
        "models.engine:migrating_engine connect", "models.engine:reading_engine connect",
        "models.engine:survey connect", "models.engine:writing_engine connect", "models.migrate:migrate connect",
        "models.migrate:revision_of connect", "models.opening:_refuse_replica connect",
        "models.opening:create_store connect", "models.opening:create_store store of nobody",
        "models.opening:open_store connect", "models.opening:open_store store of nobody",
        "models.store:Store.__init__ connect", "models.store:Store.bare connect", "models.store:Store.watch connect",
    ),
    "It records, measures and takes back what a verb wrote, and tells what is in the way to who may do that.": (
        "models.permission:adopt by name", "models.permission:adopt connection of a session",
        "models.recording:Recorder.session engine", "models.recording:take_back engine",
        "models.undo:_current select of no record", "models.undo:_placed_again select of no record",
    ),
    "It moves rows between a replica and the server, where row security has decided which ones come.": (
        "models.server.catching_up:_count_on qualified", "models.server.catching_up:read_seen qualified",
        "models.server.catching_up:write_seen qualified", "models.server.moving:move_in connect",
        "models.server.moving_out:_fill connect", "models.server.notes:clear qualified",
        "models.server.notes:statements qualified", "models.server.notes:taken qualified",
        "models.server.partial:_stubs qualified", "models.server.partial:_there qualified",
        "models.server.pushing:_current qualified", "models.server.pushing:_present qualified",
        "models.server.pushing:_without_nul qualified", "models.server.replica:_fill connect",
        "models.server.replica:_keep_begun connect", "models.server.replica:open_replica connect",
        "models.server.replica:open_replica store of nobody", "models.server.rows:_make_way qualified",
        "models.server.rows:_put qualified", "models.server.rows:forget_rows qualified",
        "models.server.rows:known qualified", "models.server.turns:Turns.attach engine",
        "models.server.turns:Turns.follow engine",
    ),
    "Who works is not known yet, or the server has just said it.": (
        "models.server.replica:open_replica actor", "models.store:Store.__init__ actor",
    ),
    "It writes, tries and puts back whole files, for who may make backups or goes back to one.": (
        "models.snapshot:_ADDED qualified", "models.snapshot:_CHANGED qualified", "models.snapshot:_alone connect",
        "models.snapshot:in_journal_mode connect", "models.snapshot:newest_step_in connect",
        "models.snapshot:replace_file connect", "models.snapshot:take_over attach",
        "models.snapshot:take_over qualified", "models.snapshot:verify connect",
    ),
    "It writes one number.": (
        "models.store:Store.close_undo_horizon maintenance",
    ),
    "permission.expect_allowed comes before any conflict is told.": (
        "models.store:Store.obstacles survey",
    ),
    "It is the survey itself.": (
        "models.store:Store.survey survey",
    ),
    "Companies and people can be chosen by name; the measure tells who may hang something on one.": (
        "services.affiliations:_found by name", "services.catalogue:_find by name",
        "services.catalogue:_find_contact by name", "services.owners:require by name",
    ),
    "Somebody comes in: from here on the views are laid for him.": (
        "services.arrival:arrival actor", "services.importing.run:Importer._write actor",
        "services.setup:add_member actor", "services.setup:choose_actor actor", "ui.arrival.shift:Shift.ask actor",
        "ui.opening:_who_comes actor",
    ),
    "A copy of the file, by who may or unasked; of what is in it nothing is told.": (
        "services.backup:Backups._copy_to connect", "services.backup:Backups.make_if_changed bare",
        "services.backup:_is_replica connect",
    ),
    "It counts or names short lists that all work with, or reads where it is merged, which needs full access.": (
        "services.catalogue:_new select of no record", "services.merge_fields:_members select of no record",
        "services.merge_links:_contacts select of no record", "services.merging:_names select of no record",
        "services.merging:_names_of select of no record",
        "services.own_fields:OwnFields.add_option select of no record",
        "services.own_fields:OwnFields.create select of no record", "services.own_fields:_count select of no record",
        "services.stages:Stages.create select of no record",
    ),
    "It counts; of what is wrong nothing is named unless everything is seen (check).": (
        "services.check:_file_problems survey", "services.check:check maintenance", "services.check:check survey",
        "services.check:repair maintenance",
    ),
    "Only who may import or merge comes here, and sees everything.": (
        "services.contact_files.importing:_Work._by_name connection of a session",
        "services.contact_files.importing:_Work._read connection of a session",
        "services.contact_files.rows:Rows.__init__ connection of a session",
        "services.importing.keys:Keys._after_last qualified",
        "services.importing.run:Importer._write connection of a session",
        "services.merging:Merging.merge connection of a session",
    ),
    "Bytes are put away, once for equal ones; only whoever has them knows that they are there.": (
        "services.contact_files.rows:Rows.photo connection of a session",
        "services.files:Files.attach connection of a session",
        "services.mail_files:MailFiles._row connection of a session",
        "services.people:People.set_photo connection of a session",
        "services.team:Team.set_photo connection of a session",
    ),
    "Upkeep and own marks: it writes what follows from the rest, and tells a number at most.": (
        "services.contents:remove_unused maintenance", "services.rates:Rates.turn_of_day maintenance",
        "services.reminders:Reminders._write maintenance", "services.reminders:Reminders.put_off maintenance",
        "services.setup:settle_country maintenance", "services.snapshots:Snapshots.take_if_due maintenance",
        "services.teamwork:_follow maintenance",
    ),
    "What others wrote meanwhile on the one record that the guard has just found for the verb.": (
        "services.crossings:refuse_crossings connection of a session",
        "services.leads:Leads._edit connection of a session",
        "services.record_verbs:RecordVerbs._edit connection of a session",
    ),
    "It fills an empty store with invented customers, for who may import.": (
        "services.demo:_fill_copy bare", "services.demo:_fill_copy maintenance",
        "services.demo:_fill_copy store of nobody", "services.demo:_live actor", "services.demo:fill bare",
    ),
    "It reads and writes what somebody began, or what waits for the server: the own ones.": (
        "services.drafts:Drafts.write maintenance", "services.outbox:Outbox._keep maintenance",
        "services.outbox:Outbox.discard maintenance", "services.outbox:Outbox.send maintenance",
    ),
    "Whether the own last step may be undone is told, in words that name no record.": (
        "services.history:History.why_not survey",
    ),
    "The fields that all records have; their values are looked for by classes.": (
        "services.own_values:copy connection of a session", "services.own_values:set_values connection of a session",
    ),
    "A hash is compared or written, never told.": (
        "services.passwords:matches maintenance", "services.passwords:matches survey",
        "services.passwords:put maintenance", "services.passwords:remove maintenance",
        "services.passwords:remove_within connection of a session",
    ),
    "Numbers of documents; each is joined to a record that is seen before anything is told of it.": (
        "services.search_sql:NEWEST_DOC qualified", "services.search_sql:_OF_DOCS qualified",
        "services.search_sql:_OF_DOCS_SEEN qualified", "services.search_sql:_RANKED qualified",
        "services.search_sql:_names qualified",
    ),
    "What the leads lack that the guard has just found for the verb.": (
        "services.stage_gates:require connection of a session",
    ),
    "Whether a file is a replica; nothing of what is in it.": (
        "services.teamwork:_refuse_own connect",
    ),
    "For good deletes who may erase, also what nobody sees; a number is told.": (
        "services.trash:Trash._remove maintenance", "services.trash:Trash._remove survey",
    ),
    "Of a row of the trash that is seen: the subject of its mail, and where somebody worked if that company is seen.": (
        "services.trash:_EMPLOYER qualified", "services.trash:_SUBJECT qualified",
    ),
}  # fmt: skip
