//! Offers tools to assistants over the Model Context Protocol, on standard input and output.
//!
//! What the tools do is the caller's: this crate knows the protocol and nothing of Remote Desktop, so that the
//! protocol's library, which moves fast and builds slowly, is touched in one place.

#![warn(missing_docs)]

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    InitializeResult, JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities,
    Tool as Described, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServiceExt as _};
use rmcp::{ErrorData, ServerHandler, transport};
use serde_json::Value;

/// What a tool answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// For the assistant to read.
    pub text: String,
    /// The same for a program.
    pub data: Value,
}

/// What a tool does with its arguments; an error is a sentence that the assistant reads.
pub type Work = dyn Fn(&Value) -> Result<Answer, String> + Send + Sync;

/// Something an assistant can have done. No tool changes anything.
#[derive(Clone)]
pub struct Tool {
    /// Its name, one word.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it does, when to use it, and what trace it leaves.
    pub says: &'static str,
    /// A JSON Schema of its arguments: an object.
    pub takes: Value,
    /// It talks to machines other than this one.
    pub goes_out: bool,
    /// The work.
    pub work: Arc<Work>,
}

/// Serves the tools until the assistant closes the connection.
///
/// # Errors
///
/// A sentence when the assistant's greeting cannot be understood, or this machine gives us no thread.
pub async fn serve(
    about: &'static str,
    version: &'static str,
    tools: Vec<Tool>,
) -> Result<(), String> {
    let server = Server {
        about,
        version,
        tools,
    };
    let running = server
        .serve(transport::stdio())
        .await
        .map_err(|error| format!("the assistant's greeting was not understood: {error}"))?;
    running
        .waiting()
        .await
        .map_err(|error| format!("serving the assistant ended: {error}"))?;
    Ok(())
}

struct Server {
    about: &'static str,
    version: &'static str,
    tools: Vec<Tool>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> InitializeResult {
        let mut info = InitializeResult::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("rdpdoctor", self.version);
        info.instructions = Some(self.about.to_owned());
        info
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(
            self.tools.iter().map(described).collect(),
        ))
    }

    fn get_tool(&self, name: &str) -> Option<Described> {
        self.tools
            .iter()
            .find(|tool| tool.name == name)
            .map(described)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name == request.name) else {
            let names: Vec<&str> = self.tools.iter().map(|tool| tool.name).collect();
            return Err(ErrorData::invalid_params(
                format!(
                    "there is no tool {:?}; there are {}",
                    request.name,
                    names.join(", ")
                ),
                None,
            ));
        };
        let work = Arc::clone(&tool.work);
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        // A check waits for the network for seconds; other calls go on meanwhile.
        let done = tokio::task::spawn_blocking(move || work(&arguments)).await;
        let result = match done {
            Ok(Ok(answer)) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(answer.text)]);
                result.structured_content = Some(answer.data);
                result
            }
            Ok(Err(says)) => CallToolResult::error(vec![ContentBlock::text(says)]),
            Err(error) => CallToolResult::error(vec![ContentBlock::text(format!(
                "a fault of rdpdoctor ended the work: {error}"
            ))]),
        };
        Ok(result.into())
    }
}

fn described(tool: &Tool) -> Described {
    let takes: JsonObject = tool.takes.as_object().cloned().unwrap_or_default();
    Described::new(tool.name, tool.says, takes)
        .with_title(tool.title)
        .with_annotations(ToolAnnotations::from_raw(
            Some(tool.title.to_owned()),
            Some(true),
            Some(false),
            Some(true),
            Some(tool.goes_out),
        ))
}
