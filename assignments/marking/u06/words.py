"""Questions 2 and 8: index columns, kinds of customer knowledge, statements on segmentation."""

from crmsim.course.marking import Mistake, slip

GROUPS = {
    "age_years": "demographics", "income": "demographics", "education": "demographics",
    "interests": "survey", "hobbies": "survey", "n_products_bought": "quantity",
    "expected_trade_years": "years", "future_profit_per_year": "profit", "satisfaction_grade": "satisfaction",
    "row_number": "none", "last_edited_by": "none", "file_format": "none",
}


def all_as(group, *columns):
    """A slip that puts several columns into one group."""
    return lambda case: dict.fromkeys(columns, group)


COLUMNS = [
    Mistake("demographics as survey", all_as("survey", "age_years", "income", "education"), None,
            "Age, income and education say who somebody is; the survey group is about what somebody likes."),
    Mistake("survey as demographics", all_as("demographics", "interests", "hobbies"), None,
            "Interests and hobbies are learnt only by asking."),
    slip("satisfaction_grade", "survey of individuals", lambda case: "survey",
         "for company customers it is a group of its own."),
    slip("n_products_bought", "none", lambda case: "none", "it belongs to the indexes of individual customers."),
    Mistake("years and profit", lambda case: {"expected_trade_years": "profit", "future_profit_per_year": "years"},
            None, "You exchanged the years of trade and the yearly profit."),
]

CARDS = {
    "a": "preference", "b": "channel", "c": "behaviour", "d": "intelligence", "e": "potential", "f": "loyal",
    "g": "false", "h": "true", "i": "true", "j": "false",
}
MIXED_UP = [
    slip("d", "intelligence as knowledge", lambda case: "behaviour",
         "customer knowledge is what one knows; here it is made and used."),
    Mistake("new and potential", lambda case: {"e": "new"}, None, "e: a new customer has bought at least once."),
    Mistake("preference and behaviour", lambda case: {"a": "behaviour", "c": "preference"}, None,
            "You exchanged what somebody likes (preference) and how somebody buys (behaviour)."),
    slip("g", "for ever", lambda case: "true", "the first of the four characteristics says the contrary."),
    slip("j", "evenly", lambda case: "true", "the purpose of segmentation is to concentrate resources."),
]
