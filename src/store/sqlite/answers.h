// The SQLite side of AnswerStore.
//
// Beside parts.h, so that what does not deal in answers is not compiled again for them.
// Thread-safe.
#pragma once

#include <memory>

#include "store/answers.h"
#include "store/sqlite/parts.h"

namespace fairlead::store {

std::unique_ptr<AnswerStore> make_sqlite_answers(SqliteParts parts);

}  // namespace fairlead::store
