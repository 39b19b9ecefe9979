"""The check-in system: a folder is a capability, a file is a role.

event         what `event.toml` says          programme   what changes while the expo runs
staff         who signs in                    visitors    registered persons
badges        token, short code, pages        registration  the public form, the desk
devices       tablets                         admission   may this badge enter? (the heart)
attendance    counts and reports              journal     who did what
oddities      what to look at, settled with a note
arrivals      the watch list
organise      the organisers' pages           venue       https on the hall's own Wi-Fi
printruns     badges by the thousand          mail        badges by e-mail
jobs          work in the background
launch        serving it                      database, web, clock, settings: the ground
"""
