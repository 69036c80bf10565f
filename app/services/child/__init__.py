"""Work in a process of its own, with limits: what may break, and what would keep the interpreter from the window.

`process` starts that process and hears from it, `serving` is what runs in it, `wire` and `limits` belong to both. Which
tasks there are stands in `app.services.child_tasks`.
"""
