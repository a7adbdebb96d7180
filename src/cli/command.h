#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace longhand::cli {

// What a subcommand does once its options are read; gives the program's exit code.
using Run = std::function<int()>;

inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;        // what was asked for could not be done
inline constexpr int kUsage = 2;          // the command line makes no sense
inline constexpr int kInterrupted = 130;  // by Ctrl-C, as shells say it

// Each adds one subcommand to the program; parsing its name sets `run`. One file each.
void add_serve(CLI::App& program, Run& run);
void add_health(CLI::App& program, Run& run);
void add_recognize(CLI::App& program, Run& run);
void add_evaluate(CLI::App& program, Run& run);
void add_train(CLI::App& program, Run& run);
void add_records(CLI::App& program, Run& run);
void add_model(CLI::App& program, Run& run);
void add_bench(CLI::App& program, Run& run);

}  // namespace longhand::cli
