"""Question 7: channels of service, and exchanges in which both sides speak."""

from crmsim.course.marking import slip


def groups(case):
    """The contacts by channel."""
    return case.contacts.groupby("channel")


def sides(case):
    """How many sides speak in each conversation, by channel."""
    return case.messages.groupby(["channel", "contact"])["sender"].nunique()


def complaints(case):
    """The complaints by channel."""
    return case.contacts[case.contacts["reason"] == "complaint"].groupby("channel").size()


def by_channel(case):
    """The right answer."""
    table = groups(case)["waiting_minutes"].mean().to_frame()
    return table.assign(
        n_contacts=groups(case).size(), complaint_share=complaints(case) / groups(case).size(),
        n_exchanges=(sides(case) == 2).groupby("channel").sum(),
    )


def talks(case):
    """The conversations by channel."""
    return sides(case).groupby("channel")


def longer(case):
    """Conversations with more than one message."""
    return (case.messages.groupby(["channel", "contact"]).size() > 1).groupby("channel").sum()


CHANNELS = [
    slip("n_contacts", "conversations", lambda case: talks(case).size(),
         "these are conversations in `messages`, where only some contacts stand. Count the rows of `contacts`."),
    slip("n_contacts", "messages", lambda case: case.messages.groupby("channel").size(),
         "these are messages. Count the rows of `contacts`."),
    slip("n_contacts", "customers", lambda case: groups(case)["customer_id"].nunique(),
         "these are customers. Some made contact more than once."),
    slip("complaint_share", "share of all complaints", lambda case: complaints(case) / complaints(case).sum(),
         "this is the channel's share of all complaints. Ask it the other way round."),
    slip("complaint_share", "share of all contacts", lambda case: complaints(case) / len(case.contacts),
         "divide by the contacts of the channel, not by all."),
    slip("complaint_share", "number", complaints, "this is a number of complaints. Divide by the channel's contacts."),
    slip("complaint_share", "per cent", lambda case: 100 * by_channel(case)["complaint_share"],
         "right, but in per cent. A share is a number from 0 to 1."),
    slip("waiting_minutes", "handling", lambda case: groups(case)["handling_minutes"].mean(),
         "this is the time of handling. Take `waiting_minutes`."),
    slip("waiting_minutes", "total", lambda case: groups(case)["waiting_minutes"].sum(),
         "this is the total. Take the mean."),
    slip("waiting_minutes", "complaints only", lambda case: case.contacts[
        case.contacts["reason"] == "complaint"].groupby("channel")["waiting_minutes"].mean(),
         "this is the mean of complaints. Take all contacts."),
    slip("n_exchanges", "all conversations", lambda case: talks(case).size(),
         "these are all conversations. Count those in which both sides speak."),
    slip("n_exchanges", "messages", lambda case: case.messages.groupby("channel").size(),
         "these are messages. Count conversations."),
    slip("n_exchanges", "more than one message", longer,
         "these are conversations of more than one message. Sometimes one side speaks several times, alone."),
    slip("n_exchanges", "one side", lambda case: (sides(case) == 1).groupby("channel").sum(),
         "these are those in which one side speaks alone."),
]
