"""A rehearsal with made-up people: tablets and visitors as they are, a real server over HTTP, a plain oracle.

`scenario` is pure: what happens, the same for the same seed. `stage` makes people and tablets, `drive` sends, `check`
compares what the server has with what `oracle` works out from the scenario alone.
"""
