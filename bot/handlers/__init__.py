"""What readers do, a module for each kind of thing: functions from a Session to an answer. The tables that name them
are in bot.commands.
"""
