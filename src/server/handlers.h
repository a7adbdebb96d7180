#pragma once

#include "server/app.h"

// One function a route: each only translates between HTTP and the service.
namespace longhand::server {

using boost::asio::awaitable;

// handlers_recognitions.cpp
awaitable<Response> create_recognition(App& app, Request& request);
awaitable<Response> get_recognition(App& app, Request& request);
awaitable<Response> get_picture(App& app, Request& request);
awaitable<Response> put_label(App& app, Request& request);
awaitable<Response> delete_label(App& app, Request& request);
awaitable<Response> delete_recognition(App& app, Request& request);
awaitable<Response> get_events(App& app, Request& request);

// handlers_list.cpp
awaitable<Response> list_recognitions(App& app, Request& request);

// handlers_models.cpp
awaitable<Response> get_models(App& app, Request& request);
awaitable<Response> post_model(App& app, Request& request);
awaitable<Response> get_model(App& app, Request& request);
awaitable<Response> put_model(App& app, Request& request);
awaitable<Response> get_model_versions(App& app, Request& request);
awaitable<Response> get_model_file(App& app, Request& request);

// handlers_trainings.cpp
awaitable<Response> post_training(App& app, Request& request);
awaitable<Response> get_trainings(App& app, Request& request);
awaitable<Response> get_training(App& app, Request& request);
awaitable<Response> get_training_events(App& app, Request& request);
awaitable<Response> cancel_training(App& app, Request& request);

// handlers_operations.cpp
awaitable<Response> get_replicas(App& app, Request& request);
awaitable<Response> get_healthz(App& app, Request& request);
awaitable<Response> get_readyz(App& app, Request& request);
awaitable<Response> get_metrics(App& app, Request& request);
awaitable<Response> get_openapi(App& app, Request& request);

// handlers_inference.cpp: the Open Inference Protocol
awaitable<Response> get_inference_server(App& app, Request& request);
awaitable<Response> get_inference_live(App& app, Request& request);
awaitable<Response> get_inference_ready(App& app, Request& request);
awaitable<Response> get_inference_model(App& app, Request& request);
awaitable<Response> get_inference_model_ready(App& app, Request& request);
awaitable<Response> post_infer(App& app, Request& request);

// handlers_page.cpp
awaitable<Response> get_index(App& app, Request& request);
awaitable<Response> redirect_file(App& app, Request& request);
awaitable<Response> get_page_file(App& app, Request& request);

// "decode;dur=0.412, ink;dur=0.020, ..." in milliseconds.
std::string server_timing(const Timings& timings);

}  // namespace longhand::server
