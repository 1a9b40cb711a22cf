//! The remedy `network.allow-in-cloud`.

use crate::prescription::*;

remedy! {
    /// Allow Remote Desktop in the cloud's own filter.
    ///
    /// # How
    ///
    /// A machine in a cloud has a filter of the cloud before its own: a network security group (Azure), a
    /// security group (AWS), a firewall rule (Google). Allow the port from the users' networks alone; better
    /// still use the cloud's own way in (Bastion, Session Manager, IAP).
    ///
    /// # Sources
    ///
    /// Microsoft Learn: troubleshoot Remote Desktop connections to an Azure virtual machine.
    pub static REMEDY = {
        id: "network.allow-in-cloud",
        side: Side::Network,
        title: "Allow Remote Desktop in the cloud's own filter",
        risk: Risk::Medium,
        draft: |case| {
            let port = case.target().port;
            ask(
                Machine::Network,
                format!("Allow TCP {port} from the users' network in the cloud's filter. Azure: az network nsg rule create -g GROUP --nsg-name NSG -n rdpdoctor-rdp --priority 300 --source-address-prefixes NETWORK --destination-port-ranges {port} --access Allow --protocol Tcp (taken back with az network nsg rule delete). AWS: aws ec2 authorize-security-group-ingress --group-id ID --protocol tcp --port {port} --cidr NETWORK (revoke-security-group-ingress)."),
                "The cloud drops what its filter does not name, before the host sees it.",
            )
        },
    };
}
