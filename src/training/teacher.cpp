#include "training/teacher.h"

#include <algorithm>
#include <utility>

#include "nn/model.h"
#include "recognizer/confidences.h"

namespace longhand::training {

Result<Teachers> Teachers::load(const std::vector<std::filesystem::path>& files,
                                const std::vector<std::string>& alphabet,
                                ink::Normalization normalization) {
  Teachers teachers;
  for (const std::filesystem::path& file : files) {
    if (std::error_code error; !std::filesystem::exists(file, error)) {
      return fail(ErrorCode::kNotFound,
                  "training.teachers: there is no " + file.string() +
                      "; it must be trained first (script/train-digits does all of it for the "
                      "digits), or --set 'training.teachers=[]' learns without");
    }
    auto model = recognizer::Model::load_file(file);
    if (!model) return tl::unexpected(model.error());
    const recognizer::Card& card = (*model)->card();
    if (card.alphabet != alphabet || card.normalization != normalization) {
      return fail(ErrorCode::kInvalidArgument,
                  "training.teachers: " + file.string() + " reads " + card.alphabet_name +
                      " behind " + std::string(ink::to_string(card.normalization)) +
                      "; a teacher must have the alphabet and the normalization of the recipe");
    }
    teachers.versions_ += (*model)->ref().version + " ";
    teachers.models_.push_back(std::move(*model));
  }
  return teachers;
}

void Teachers::answer(std::span<const float> inputs, std::size_t count,
                      std::span<float> out) const {
  constexpr std::size_t kChunk = 64;
  thread_local nn::Scratch scratch;
  const std::size_t pixels = inputs.size() / count;
  const std::size_t classes = out.size() / count;
  const float share = 1 / static_cast<float>(models_.size());
  std::vector<float> logits(kChunk * classes), answer(classes);
  std::fill(out.begin(), out.end(), 0.0F);
  for (std::size_t done = 0; done < count; done += kChunk) {
    const std::size_t some = std::min(kChunk, count - done);
    for (const auto& model : models_) {
      nn::run(model->network(), scratch, inputs.subspan(done * pixels, some * pixels),
              static_cast<int>(some), std::span(logits).first(some * classes));
      for (std::size_t i = 0; i < some; ++i) {
        recognizer::softmax(std::span(logits).subspan(i * classes, classes), 1, answer);
        for (std::size_t c = 0; c < classes; ++c)
          out[(done + i) * classes + c] += share * answer[c];
      }
    }
  }
}

}  // namespace longhand::training
