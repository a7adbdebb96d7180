#include "nn/kernels.h"

#include <map>
#include <mutex>
#include <string>

#include "nn/kernels_parts.h"

namespace longhand::nn {

const Kernels& best_kernels() {
  static std::mutex mutex;
  static std::map<std::string, Kernels> tables;  // models keep pointers into it

  Kernels kernels{};
  fill_product(kernels);
  fill_window(kernels);
  fill_elementwise(kernels);
  const std::lock_guard lock(mutex);
  return tables.emplace(kernels.target, kernels).first->second;
}

}  // namespace longhand::nn
