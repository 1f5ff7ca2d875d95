"""Fills a moto server with one small estate, in one process: the CLI takes a second per call. Prints as JSON what it has made."""

import io
import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config

endpoint, region, read_policy, write_policy = sys.argv[1:]
VARIABLE = "made-up-variable-0001"


def client(service):
    credentials = {"aws_access_key_id": "AKIAMADEUP", "aws_secret_access_key": "made-up"}
    return boto3.client(service, region_name=region, endpoint_url=endpoint, config=Config(retries={"max_attempts": 0}), **credentials)


def zipped(body):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", body)
    return buffer.getvalue()


def names_of_moto(action):
    """moto goes by the service that requests are signed for, and asks for the right to list where it knows no action of S3."""
    own = {"s3:GetBucketPublicAccessBlock": "s3:ListBucket", "s3:GetEncryptionConfiguration": "s3:ListBucket"}
    return own.get(action, action.replace("cloudwatch:", "monitoring:"))


made = {"variable": VARIABLE}
now = datetime.now(timezone.utc)

ec2 = client("ec2")
image = ec2.describe_images()["Images"][0]["ImageId"]
tags = [{"ResourceType": "instance", "Tags": [{"Key": "service", "Value": "web"}]}]
made["instance"] = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", TagSpecifications=tags)["Instances"][0]["InstanceId"]
subnets = ec2.describe_subnets()["Subnets"]

elb = client("elbv2")
group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"], HealthCheckPath="/health")["TargetGroups"][0]
made["targetGroup"] = group["TargetGroupArn"]
elb.register_targets(TargetGroupArn=made["targetGroup"], Targets=[{"Id": made["instance"], "Port": 80}])

scaling = client("autoscaling")
scaling.create_launch_configuration(LaunchConfigurationName="web", ImageId=image, InstanceType="t3.micro")
scaling.create_auto_scaling_group(
    AutoScalingGroupName="web", LaunchConfigurationName="web", MinSize=1, MaxSize=4, DesiredCapacity=1, VPCZoneIdentifier=subnets[0]["SubnetId"]
)

iam = client("iam")
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = iam.create_role(RoleName="service", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]

ecs = client("ecs")
ecs.create_cluster(clusterName="shop")
container = {"name": "web", "image": "shop/web:1", "memory": 128, "essential": True, "environment": [{"name": "DATABASE_WORD", "value": VARIABLE}]}
ecs.register_task_definition(family="web", containerDefinitions=[container])
for service in ("web", "idle"):
    ecs.create_service(cluster="shop", serviceName=service, taskDefinition="web", desiredCount=0, launchType="FARGATE")

eks = client("eks")
network = {"subnetIds": [subnet["SubnetId"] for subnet in subnets[:2]]}
eks.create_cluster(name="shop", roleArn=role, resourcesVpcConfig=network)
eks.create_nodegroup(clusterName="shop", nodegroupName="workers", subnets=network["subnetIds"], nodeRole=role)

functions = client("lambda")
settings = {"FunctionName": "checkout", "Runtime": "python3.12", "Role": role, "Handler": "index.handler"}
functions.create_function(**settings, Code={"ZipFile": zipped("1")}, Environment={"Variables": {"API_WORD": VARIABLE}}, Publish=True)
functions.update_function_code(FunctionName="checkout", ZipFile=zipped("2"), Publish=True)
functions.create_alias(FunctionName="checkout", Name="live", FunctionVersion="2")

rds = client("rds")
database = {"DBInstanceClass": "db.r6g.large", "MasterUsername": "made", "MasterUserPassword": "made-up-word-1"}
rds.create_db_instance(DBInstanceIdentifier="orders", Engine="postgres", AllocatedStorage=20, **database)
rds.create_db_cluster(DBClusterIdentifier="carts", Engine="aurora-postgresql", MasterUsername="made", MasterUserPassword="made-up-word-1")
for member in ("carts-1", "carts-2"):
    rds.create_db_instance(DBInstanceIdentifier=member, DBClusterIdentifier="carts", Engine="aurora-postgresql", DBInstanceClass="db.r6g.large")

key = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
client("dynamodb").create_table(TableName="carts", BillingMode="PAY_PER_REQUEST", **key)

sqs = client("sqs")
dead = sqs.create_queue(QueueName="orders-dead")["QueueUrl"]
dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5})
queue = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
sqs.send_message(QueueUrl=queue, MessageBody="made up")

s3 = client("s3")
s3.create_bucket(Bucket="shop-assets", CreateBucketConfiguration={"LocationConstraint": region})
s3.put_bucket_versioning(Bucket="shop-assets", VersioningConfiguration={"Status": "Enabled"})
rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
s3.put_bucket_encryption(Bucket="shop-assets", ServerSideEncryptionConfiguration={"Rules": [rule]})
s3.create_bucket(Bucket="shop-plain", CreateBucketConfiguration={"LocationConstraint": region})

watch = client("cloudwatch")
for minute in range(3):
    metric = {"MetricName": "Latency", "Value": minute + 1.5, "Unit": "Seconds", "Timestamp": now - timedelta(minutes=minute * 5)}
    watch.put_metric_data(Namespace="Shop", MetricData=[metric | {"Dimensions": [{"Name": "service", "Value": "web"}]}])
alarm = {"MetricName": "Latency", "Namespace": "Shop", "Statistic": "Average", "Period": 300, "EvaluationPeriods": 1, "Threshold": 2}
watch.put_metric_alarm(AlarmName="web: latency", ComparisonOperator="GreaterThanThreshold", **alarm)
watch.set_alarm_state(AlarmName="web: latency", StateValue="ALARM", StateReason="made up")

logs = client("logs")
logs.create_log_group(logGroupName="/shop/web")
logs.create_log_stream(logGroupName="/shop/web", logStreamName="1")
stamp = int(now.timestamp() * 1000) - 60_000
logs.put_log_events(logGroupName="/shop/web", logStreamName="1", logEvents=[{"timestamp": stamp, "message": "ERROR made up"}])

route53 = client("route53")
zone = route53.create_hosted_zone(Name="shop.example", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
record = {"Name": "www.shop.example", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]})
made["zone"] = zone

made["certificate"] = client("acm").request_certificate(DomainName="shop.example", ValidationMethod="DNS")["CertificateArn"]

for kind, path in (("read", read_policy), ("write", write_policy)):
    iam.create_user(UserName=kind)
    with open(path) as file:
        policy = json.load(file)
    actions = policy["Statement"][0]["Action"]
    # AWS tells everybody who they are.
    actions += [names_of_moto(action) for action in actions] + ["sts:GetCallerIdentity"]
    iam.put_user_policy(UserName=kind, PolicyName="watchkeeper", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=kind)["AccessKey"]
    made[kind] = {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}

print(json.dumps(made))
